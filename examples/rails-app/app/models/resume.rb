class Resume < ApplicationRecord
  SUMMARY_LIMIT = 2000
  PHOTO_TYPES = { "image/jpeg" => "jpeg", "image/png" => "png", "image/webp" => "webp" }.freeze
  PHOTO_LIMIT = 3.megabytes
  # Few bytes may hold many pixels, and who shows or prints them needs four bytes for each.
  PHOTO_PIXELS = 16_000_000

  has_many :sections, -> { order(:position, :id) }, dependent: :destroy, inverse_of: :resume
  has_one :document, dependent: :destroy
  has_one_attached :photo

  # The form always has an empty section at its end.
  accepts_nested_attributes_for :sections, allow_destroy: true,
    reject_if: ->(section) { section.values_at("id", "title", "body").all?(&:blank?) }

  attribute :remove_photo, :boolean, default: false

  # Full-width spaces become plain ones. Only the reading is folded by NFKC (half-width
  # kana become full-width): folding a name would replace variants of its characters.
  normalizes :name, :job_title, with: ->(text) { text.squish }
  normalizes :kana, with: ->(text) { text.unicode_normalize(:nfkc).squish }
  normalizes :prefecture, with: ->(text) { text.presence }
  # A form sends CRLF, the page's counter sees one character for a line end.
  normalizes :summary, with: ->(text) { text.gsub("\r\n", "\n").strip }

  validates :name, :job_title, presence: true, length: { maximum: 80 }
  validates :kana, length: { maximum: 80 }, format: { with: /\A[\p{Hiragana}\p{Katakana}ー・ ]+\z/, allow_blank: true }
  validates :years_of_experience, numericality: { only_integer: true, in: 0..60 }
  validates :prefecture, inclusion: { in: Prefecture::NAMES }, allow_nil: true
  validates :summary, length: { maximum: SUMMARY_LIMIT }
  validate :photo_can_be_shown, if: -> { attachment_changes.key?("photo") && photo.attached? }

  before_save -> { self.photo = nil }, if: :remove_photo
  after_save_commit -> { RenderDocumentJob.perform_later(self) }

  scope :latest_first, -> { order(updated_at: :desc, id: :desc) }
  scope :in_prefecture, ->(name) { where(prefecture: name) if name.present? }

  # The form shows one more to fill.
  def sections_for_form
    sections.to_a + (sections.all?(&:persisted?) ? [ Section.new(position: sections.size) ] : [])
  end

  # The PDF that the worker has made, or one made for this request.
  # Raises PdfService::Unavailable, PdfService::Refused or Document::GivenUp.
  def pdf
    raise Document::GivenUp, "no PDF of résumé #{id} can be made" if document&.given_up?

    document&.current? ? document.file.download : render_pdf
  end

  def render_pdf
    html = ApplicationController.render("resumes/pdf", layout: "pdf", formats: :html, assigns: { resume: self })
    PdfService.convert(html, photo.attached? ? { photo_file => photo.download } : {})
  end

  # What the photo is called beside the HTML of the PDF.
  def photo_file
    "photo.#{PHOTO_TYPES.fetch(photo.content_type)}"
  end

  private

  # Type and size are what the file's own bytes say. Active Storage falls back on its name and on what the browser says.
  def photo_can_be_shown
    sent = attachment_changes["photo"].attachable
    image = FastImage.new(sent.is_a?(Hash) ? sent[:io] : sent)
    pixels = image.size&.reduce(:*).to_i
    errors.add(:photo, :type) unless pixels.positive? && image.type.to_s == PHOTO_TYPES[photo.content_type]
    errors.add(:photo, :too_large) if photo.byte_size > PHOTO_LIMIT
    errors.add(:photo, :too_many_pixels) if pixels > PHOTO_PIXELS
  end
end
