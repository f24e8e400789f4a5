# The PDF of a résumé as it was at one moment. A record of its own: an attachment touches what it belongs to, and a
# résumé that is touched needs another PDF.
class Document < ApplicationRecord
  belongs_to :resume
  has_one_attached :file

  def current?
    persisted? && resume_updated_at == resume.updated_at && file.attached?
  end

  def refresh
    return if current?

    version = resume.updated_at
    pdf = resume.render_pdf
    update!(resume_updated_at: version, file: { io: StringIO.new(pdf), filename: "resume.pdf", content_type: "application/pdf" })
  end
end
