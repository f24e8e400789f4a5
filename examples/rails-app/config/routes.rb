Rails.application.routes.draw do
  get "up" => "rails/health#show", as: :rails_health_check
  get "robots.txt" => "crawlers#robots", as: :robots
  get "sitemaps/sitemap.xml.gz" => "crawlers#sitemap", as: :sitemap

  resources :resumes, only: %i[index show] do
    resource :photo, only: :show
  end

  namespace :admin do
    resources :resumes, except: :show
    root "resumes#index"
  end

  root "resumes#index"
end
