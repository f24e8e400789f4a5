# This file is auto-generated from the current state of the database. Instead
# of editing this file, please use the migrations feature of Active Record to
# incrementally modify your database, and then regenerate this schema definition.
#
# This file is the source Rails uses to define your schema when running `bin/rails
# db:schema:load`. When creating a new database, `bin/rails db:schema:load` tends to
# be faster and is potentially less error prone than running all of your
# migrations from scratch. Old migrations may fail to apply correctly if those
# migrations use external dependencies or application code.
#
# It's strongly recommended that you check this file into your version control system.

ActiveRecord::Schema[8.1].define(version: 2026_04_15_090000) do
  # These are extensions that must be enabled in order to support this database
  enable_extension "pg_catalog.plpgsql"

  create_table "resumes", force: :cascade do |t|
    t.datetime "created_at", null: false
    t.string "job_title", null: false
    t.string "kana", default: "", null: false
    t.string "name", null: false
    t.string "prefecture"
    t.text "summary", default: "", null: false
    t.datetime "updated_at", null: false
    t.integer "years_of_experience", default: 0, null: false
    t.index ["prefecture", "updated_at"], name: "index_resumes_on_prefecture_and_updated_at"
    t.index ["updated_at"], name: "index_resumes_on_updated_at"
    t.check_constraint "name::text <> ''::text", name: "resumes_name_present"
    t.check_constraint "years_of_experience >= 0 AND years_of_experience <= 60", name: "resumes_years_of_experience_range"
  end
end
