class ResumesController < ApplicationController
  rescue_from PdfService::Unavailable, with: :pdf_unavailable
  rescue_from PdfService::Refused, Document::GivenUp, with: :pdf_impossible

  def index
    @prefecture = params[:prefecture].presence_in(Prefecture::NAMES)
    @resumes = Resume.in_prefecture(@prefecture).latest_first.with_attached_photo.limit(100)
  end

  def show
    @resume = Resume.find(params[:id])
    respond_to do |format|
      format.html
      format.pdf { send_data @resume.pdf, filename: "#{@resume.name}.pdf", type: :pdf }
    end
  end

  private

  # The rest of the app does not need the PDF service: who asks for a PDF is told when to ask again.
  def pdf_unavailable(error)
    logger.warn { "#{error.class}: #{error.message}" }
    response.headers["retry-after"] = error.retry_after.to_s
    render_without_pdf :pdf_unavailable
  end

  # Asking again helps nobody until the résumé, or the app, is another.
  def pdf_impossible(error)
    logger.error { "#{error.class}: #{error.message}" }
    render_without_pdf :pdf_impossible
  end

  def render_without_pdf(page)
    render page, formats: :html, content_type: "text/html", status: :service_unavailable
  end
end
