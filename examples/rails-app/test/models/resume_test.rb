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

  test "refuses a photo that browsers do not show or that is too large" do
    pdf = { io: StringIO.new("%PDF-1.7"), filename: "photo.png", content_type: "image/png" }
    assert_equal [ "is neither JPEG, PNG nor WebP" ], errors_of(:photo, photo: pdf)

    large = { io: StringIO.new(photo.read + "\0" * Resume::PHOTO_LIMIT), filename: "photo.png" }
    assert_equal [ "is larger than 3 MB" ], errors_of(:photo, photo: large)
  end

  test "refuses as a photo what only its name and the browser call an image" do
    [ "text", "", "\x89PNG\r\n\x1a\n", "\x89PNG\r\n\x1a\n#{"\0" * 40}" ].each do |bytes|
      named = { io: StringIO.new(bytes.b), filename: "photo.png", content_type: "image/png" }
      assert_equal [ "is neither JPEG, PNG nor WebP" ], errors_of(:photo, photo: named), bytes
    end
  end

  test "refuses a small file of many pixels" do
    assert_equal [ "has more than 16 million pixels" ], errors_of(:photo, photo: png(20_000, 20_000))
    assert_predicate with(photo: png(4_000, 4_000)), :valid?
  end

  test "forgets a section that nobody filled, and needs both parts of one that somebody began" do
    assert_difference("Section.count", 0) { resumes(:ken).update!(sections_attributes: [ { position: 0, title: "", body: "" } ]) }
    assert_not resumes(:ken).update(sections_attributes: [ { position: 0, title: "学歴", body: "" } ])
  end

  test "has another PDF after every change of its own, of a section and of the photo" do
    resume = resumes(:hanako)
    {
      "itself" => -> { resume.update!(job_title: "CTO") },
      "a section" => -> { resume.sections.first.update!(body: "新しい職歴") },
      "the photo" => -> { resume.update!(photo:) }
    }.each do |what, change|
      with_pdf_service { RenderDocumentJob.perform_now(resume) }
      assert_predicate resume.document, :current?
      change.call
      assert_not_predicate Resume.find(resume.id).document, :current?, what
      resume.reload
    end
  end

  test "waits for a PDF service that is away" do
    assert_enqueued_with job: RenderDocumentJob do
      with_pdf_service(status: 503) { RenderDocumentJob.perform_now(resumes(:ken)) }
    end
    assert_nil resumes(:ken).reload.document
  end

  private

  def png(width, height)
    header = "IHDR".b + [ width, height, 8, 0, 0, 0, 0 ].pack("NNC5")
    bytes = "\x89PNG\r\n\x1a\n".b + [ 13 ].pack("N") + header + [ Zlib.crc32(header) ].pack("N")
    { io: StringIO.new(bytes), filename: "photo.png", content_type: "image/png" }
  end

  def with(attributes)
    resumes(:hanako).tap { |resume| resume.assign_attributes(attributes) }
  end

  def errors_of(attribute, attributes)
    with(attributes).tap(&:validate).errors[attribute]
  end
end
