class CreateDocuments < ActiveRecord::Migration[8.1]
  def change
    create_table :documents do |t|
      t.references :resume, null: false, foreign_key: { on_delete: :cascade }, index: { unique: true }
      t.datetime :resume_updated_at, null: false
      t.timestamps
    end
  end
end
