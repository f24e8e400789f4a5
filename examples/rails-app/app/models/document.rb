# The PDF of a résumé as it was at one moment, or that none can be made of it: then it has no file. A record of its own: an
# attachment touches what it belongs to, and a résumé that is touched needs another PDF.
class Document < ApplicationRecord
  # The service was there and lost its browser over this résumé, again and again.
  class GivenUp < StandardError; end

  belongs_to :resume
  has_one_attached :file

  def current?
    settled? && file.attached?
  end

  def given_up?
    settled? && !file.attached?
  end

  def refresh
    return if settled?

    version = resume.updated_at
    pdf = resume.render_pdf
    update!(resume_updated_at: version, file: { io: StringIO.new(pdf), filename: "resume.pdf", content_type: "application/pdf" })
  end

  def give_up
    update!(resume_updated_at: resume.updated_at, file: nil)
  end

  private

  def settled?
    persisted? && resume_updated_at == resume.updated_at
  end
end
