class ResumesController < ApplicationController
  before_action :set_resume, only: %i[show edit update]

  def index
    @prefecture = params[:prefecture].presence_in(Prefecture::NAMES)
    @resumes = Resume.in_prefecture(@prefecture).latest_first.limit(100)
  end

  def show
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

  private

  def set_resume
    @resume = Resume.find(params[:id])
  end

  def resume_params
    params.expect(resume: %i[name kana job_title years_of_experience prefecture summary])
  end
end
