Rails.application.routes.draw do
  get "up" => "rails/health#show", as: :rails_health_check
  get "robots.txt" => "crawlers#robots", as: :robots
  get "sitemap.xml.gz" => "crawlers#sitemap", as: :sitemap

  resources :resumes, except: :destroy
  root "resumes#index"
end
