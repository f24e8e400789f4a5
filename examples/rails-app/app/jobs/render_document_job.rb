# Makes the PDF before anybody asks for it, and waits for the service when it is away.
class RenderDocumentJob < ApplicationJob
  # One change may ask for it twice; the second then finds it made.
  limits_concurrency to: 1, key: ->(resume) { resume }
  retry_on PdfService::Unavailable, wait: :polynomially_longer, attempts: 10
  # A page that ends the browser ends what is printed beside it too: three times are enough.
  retry_on(PdfService::BrowserLost, wait: :polynomially_longer, attempts: 3) { |job, _error| document_of(job.arguments.first).give_up }

  def self.document_of(resume)
    resume.document || resume.build_document
  end

  def perform(resume)
    self.class.document_of(resume).refresh
  end
end
