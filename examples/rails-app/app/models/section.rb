# A part of a résumé: its place follows from the form.
class Section < ApplicationRecord
  BODY_LIMIT = 2000

  belongs_to :resume, touch: true

  normalizes :title, with: ->(text) { text.squish }
  normalizes :body, with: ->(text) { text.gsub("\r\n", "\n").strip }

  validates :title, presence: true, length: { maximum: 80 }
  validates :position, numericality: { only_integer: true, in: 0..999 }
  validates :body, presence: true, length: { maximum: BODY_LIMIT }
end
