require "test_helper"

class ResumeTest < ActiveSupport::TestCase
  test "needs a name and a job title" do
    resume = Resume.new(name: "　", job_title: "")

    assert_not resume.valid?
    assert_equal [ "can't be blank" ], resume.errors[:name]
    assert_equal [ "can't be blank" ], resume.errors[:job_title]
  end

  test "turns full-width spaces into plain ones and keeps variants of a character" do
    resume = Resume.new(name: "　山﨑　花子 ")

    assert_equal "山﨑 花子", resume.name
    assert_equal "神谷", Resume.new(name: "神谷").name
  end

  test "folds half-width kana of the reading" do
    assert_equal "ヤマダ ハナコ", Resume.new(kana: "ﾔﾏﾀﾞ ﾊﾅｺ").kana
  end

  test "takes only kana as the reading" do
    assert_predicate with(kana: "メアリー・オブライエン"), :valid?
    assert_predicate with(kana: ""), :valid?
    assert_equal [ "may hold kana and spaces only" ], errors_of(:kana, kana: "Yamada")
  end

  test "bounds the years of experience" do
    assert_predicate with(years_of_experience: 60), :valid?
    assert_not_empty errors_of(:years_of_experience, years_of_experience: 61)
    assert_not_empty errors_of(:years_of_experience, years_of_experience: -1)
    assert_not_empty errors_of(:years_of_experience, years_of_experience: "many")
  end

  test "knows the 47 prefectures" do
    assert_equal 47, Prefecture::NAMES.uniq.size
    assert_nil with(prefecture: "").prefecture
    assert_equal [ "is not one of the 47 prefectures" ], errors_of(:prefecture, prefecture: "江戸")
  end

  test "counts a line end as one character" do
    limit = Resume::SUMMARY_LIMIT

    assert_predicate with(summary: "あ\r\n" + "𠮷" * (limit - 2)), :valid?
    assert_not_empty errors_of(:summary, summary: "𠮷" * (limit + 1))
  end

  test "lists the latest change first, of one prefecture if asked" do
    assert_equal [ resumes(:hanako), resumes(:ken) ], Resume.latest_first.to_a
    assert_equal [ resumes(:ken) ], Resume.in_prefecture("大阪府").to_a
    assert_equal 2, Resume.in_prefecture(nil).count
  end

  test "the database itself refuses what validation would" do
    assert_raises(ActiveRecord::CheckViolation) do
      Resume.transaction(requires_new: true) { resumes(:ken).update_columns(years_of_experience: 99) }
    end
    assert_raises(ActiveRecord::CheckViolation) do
      Resume.transaction(requires_new: true) { resumes(:ken).update_columns(name: "") }
    end
  end

  private

  def with(attributes)
    resumes(:hanako).tap { |resume| resume.assign_attributes(attributes) }
  end

  def errors_of(attribute, attributes)
    with(attributes).tap(&:validate).errors[attribute]
  end
end
