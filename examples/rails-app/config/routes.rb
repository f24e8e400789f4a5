Rails.application.routes.draw do
  get "up" => "rails/health#show", as: :rails_health_check
  get "robots.txt" => "robots#show", as: :robots

  resources :resumes, except: :destroy
  root "resumes#index"
end
