# Makes the PDF before anybody asks for it, and waits for the service when it is away.
class RenderDocumentJob < ApplicationJob
  # One change may ask for it twice; the second then finds it made.
  limits_concurrency to: 1, key: ->(resume) { resume }
  retry_on PdfService::Unavailable, wait: :polynomially_longer, attempts: 10

  def perform(resume)
    (resume.document || resume.build_document).refresh
  end
end
