class Admin::ResumesController < Admin::BaseController
  before_action :set_resume, only: %i[edit update destroy]

  def index
    @resumes = Resume.latest_first.includes(:document)
  end

  def new
    @resume = Resume.new
  end

  def edit
  end

  def create
    @resume = Resume.new(resume_params)
    if @resume.save
      redirect_to @resume, notice: "The résumé was created."
    else
      render :new, status: :unprocessable_content
    end
  end

  def update
    if @resume.update(resume_params)
      redirect_to @resume, notice: "The résumé was saved.", status: :see_other
    else
      render :edit, status: :unprocessable_content
    end
  end

  def destroy
    @resume.destroy!
    redirect_to admin_root_path, notice: "The résumé of #{@resume.name} is gone.", status: :see_other
  end

  private

  def set_resume
    @resume = Resume.find(params[:id])
  end

  def resume_params
    params.expect(
      resume: [
        :name, :kana, :job_title, :years_of_experience, :prefecture, :summary, :photo, :remove_photo,
        sections_attributes: [ %i[id position title body _destroy] ]
      ]
    ).tap { |given| raise ActionController::BadRequest, "no form sends this" unless sent_by_form?(given.to_h) }
  end

  # A file stands in its own field only, and PostgreSQL stores no NUL in a text.
  def sent_by_form?(fields)
    fields.all? do |name, value|
      case value
      when Hash then sent_by_form?(value)
      when ActionDispatch::Http::UploadedFile then name == "photo"
      else name == "photo" ? value.blank? : value.to_s.exclude?("\0")
      end
    end
  end
end
