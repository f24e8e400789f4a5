class CreateResumes < ActiveRecord::Migration[8.1]
  def change
    create_table :resumes do |t|
      t.string :name, null: false
      t.string :kana, null: false, default: ""
      t.string :job_title, null: false
      t.integer :years_of_experience, null: false, default: 0
      t.text :summary, null: false, default: ""
      t.timestamps

      t.check_constraint "name <> ''", name: "resumes_name_present"
      t.check_constraint "years_of_experience BETWEEN 0 AND 60", name: "resumes_years_of_experience_range"
      t.index :updated_at
    end
  end
end
