class AddPrefectureToResumes < ActiveRecord::Migration[8.1]
  def change
    add_column :resumes, :prefecture, :string
    add_index :resumes, [ :prefecture, :updated_at ]
  end
end
