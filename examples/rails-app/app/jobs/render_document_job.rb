# Makes the PDF before anybody asks for it, and waits for the service when it is away.
class RenderDocumentJob < ApplicationJob
  retry_on PdfService::Unavailable, wait: :polynomially_longer, attempts: 10

  def perform(resume)
    (resume.document || resume.build_document).refresh
  end
end
