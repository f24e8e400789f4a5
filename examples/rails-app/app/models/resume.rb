class Resume < ApplicationRecord
  SUMMARY_LIMIT = 2000

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

  scope :latest_first, -> { order(updated_at: :desc, id: :desc) }
  scope :in_prefecture, ->(name) { where(prefecture: name) if name.present? }
end
