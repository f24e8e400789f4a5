class CreateSections < ActiveRecord::Migration[8.1]
  def change
    create_table :sections do |t|
      t.references :resume, null: false, foreign_key: { on_delete: :cascade }, index: false
      t.integer :position, null: false, default: 0
      t.string :title, null: false
      t.text :body, null: false
      t.timestamps

      t.index [ :resume_id, :position ]
    end
  end
end
