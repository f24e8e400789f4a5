class ResumesController < ApplicationController
  rescue_from PdfService::Unavailable, with: :pdf_unavailable

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
    render :pdf_unavailable, formats: :html, content_type: "text/html", status: :service_unavailable
  end
end
