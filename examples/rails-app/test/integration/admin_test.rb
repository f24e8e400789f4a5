require "test_helper"

class AdminTest < ActionDispatch::IntegrationTest
  AUTHORIZATION = ActionController::HttpAuthentication::Basic.encode_credentials("admin", "correct horse")

  setup { ENV["ADMIN_PASSWORD"] = "correct horse" }
  teardown { ENV.delete("ADMIN_PASSWORD") }

  test "every admin page asks for the password" do
    resume = resumes(:ken)
    {
      get: [ admin_root_path, new_admin_resume_path, edit_admin_resume_path(resume) ],
      post: [ admin_resumes_path ], patch: [ admin_resume_path(resume) ], delete: [ admin_resume_path(resume) ]
    }.each do |verb, paths|
      paths.each do |path|
        public_send(verb, path)
        assert_response :unauthorized, "#{verb} #{path}"
        assert_match(/\ABasic realm=/, response.headers["www-authenticate"])
      end
    end
  end

  test "a wrong name or password is refused" do
    [ %w[admin wrong], [ "root", "correct horse" ], [ "", "" ] ].each do |name, password|
      get admin_root_path, headers: { authorization: ActionController::HttpAuthentication::Basic.encode_credentials(name, password) }
      assert_response :unauthorized
    end
  end

  test "credentials that are none are refused" do
    [ "Basic", "Basic YWRtaW4=", "Basic /////", "Bearer x" ].each do |authorization|
      get admin_root_path, headers: { authorization: }
      assert_response :unauthorized, authorization
    end
  end

  test "without a configured password nobody is let in" do
    ENV.delete("ADMIN_PASSWORD")
    get admin_root_path, headers: { authorization: ActionController::HttpAuthentication::Basic.encode_credentials("admin", "") }

    assert_response :unauthorized
  end

  test "the list says which PDFs the worker has made" do
    with_pdf_service { RenderDocumentJob.perform_now(resumes(:hanako)) }
    admin :get, admin_root_path

    assert_select "tbody tr", 2
    assert_select "tbody tr:nth-child(1) td:nth-child(3)", "ready"
    assert_select "tbody tr:nth-child(2) td:nth-child(3)", "waiting"
  end

  test "a résumé is created with sections and photo" do
    admin :get, new_admin_resume_path
    assert_select "form[action=?] [data-controller=sections] fieldset", admin_resumes_path

    admin :post, admin_resumes_path, params: { resume: {
      name: "鈴木　一郎", kana: "すずき いちろう", job_title: "PM", years_of_experience: 3, prefecture: "愛知県", summary: "一行目\r\n\r\n二行目",
      photo:, sections_attributes: { "0" => { position: "0", title: "職歴", body: "株式会社いろは" }, "1" => { position: "1", title: "", body: "" } }
    } }

    created = Resume.find_by!(name: "鈴木 一郎")
    assert_redirected_to resume_url(created)
    assert_enqueued_with job: RenderDocumentJob, args: [ created ]
    follow_redirect!
    assert_select "[role=status]", "The résumé was created."
    assert_select "h1 ruby rt", "すずき いちろう"
    assert_select "section:first-of-type p", 2
    assert_select "img[src^=?]", resume_photo_path(created)
  end

  test "a wrong résumé comes back with what is wrong" do
    assert_no_difference [ "Resume.count", "ActiveStorage::Blob.count" ] do
      pdf = Rack::Test::UploadedFile.new(StringIO.new("%PDF-1.7"), "image/png", original_filename: "photo.png")
      admin :post, admin_resumes_path, params: { resume: { name: "", job_title: "PM", years_of_experience: 99, photo: pdf } }
    end

    assert_response :unprocessable_content
    assert_select "[role=alert] li", 3
    assert_select "[role=alert] li", "Photo is neither JPEG, PNG nor WebP"
    assert_select "input[name='resume[job_title]'][value=PM]"
  end

  test "what no form sends is a bad request" do
    file = -> { Rack::Test::UploadedFile.new(StringIO.new("text"), "text/plain", original_filename: "a.txt") }
    [
      { name: "a\0b" }, { name: file.call }, { kana: file.call }, { photo: "notsigned" },
      { sections_attributes: { "0" => { position: "0", title: "a\0b", body: "b" } } }
    ].each do |given|
      admin :patch, admin_resume_path(resumes(:ken)), params: { resume: given }
      assert_response :bad_request, given.to_s
    end
    assert_equal "佐藤 健", resumes(:ken).reload.name
  end

  test "a section has its place among a thousand" do
    %w[99999999999999 -1 first].each do |position|
      admin :patch, admin_resume_path(resumes(:ken)), params: { resume: { sections_attributes: { "0" => { position:, title: "学歴", body: "b" } } } }
      assert_response :unprocessable_content, position
    end
  end

  test "sections are changed, moved and removed" do
    admin :patch, admin_resume_path(resumes(:hanako)), params: { resume: { sections_attributes: {
      "0" => { id: sections(:education).id, position: "0", title: "学歴" },
      "1" => { id: sections(:career).id, _destroy: "1" },
      "2" => { position: "1", title: "資格", body: "応用情報技術者" }
    } } }

    assert_response :see_other
    assert_equal %w[学歴 資格], resumes(:hanako).reload.sections.map(&:title)
  end

  test "a photo is taken away" do
    resumes(:ken).update!(photo:)
    admin :patch, admin_resume_path(resumes(:ken)), params: { resume: { remove_photo: "1" } }

    assert_not resumes(:ken).reload.photo.attached?
  end

  test "a wrong change is refused" do
    admin :patch, admin_resume_path(resumes(:ken)), params: { resume: { name: " " } }

    assert_response :unprocessable_content
    assert_equal "佐藤 健", resumes(:ken).reload.name
  end

  test "a résumé is deleted with all that belongs to it" do
    resumes(:hanako).update!(photo:)
    perform_enqueued_jobs only: ActiveStorage::PurgeJob do
      assert_difference({ "Resume.count" => -1, "Section.count" => -2, "ActiveStorage::Blob.count" => -1 }) do
        admin :delete, admin_resume_path(resumes(:hanako))
      end
    end

    assert_redirected_to admin_root_url
  end

  test "a form counts only with its token" do
    with_forgery_protection do
      admin :get, edit_admin_resume_path(resumes(:ken))
      token = css_select("form.form input[name=authenticity_token]").first["value"]

      admin :patch, admin_resume_path(resumes(:ken)), params: { authenticity_token: token, resume: { job_title: "SRE" } }
      assert_response :see_other

      admin :patch, admin_resume_path(resumes(:ken)), params: { resume: { job_title: "CTO" } }
      assert_response :unprocessable_content
    end
    assert_equal "SRE", resumes(:ken).reload.job_title
  end

  private

  def admin(verb, path, **options)
    public_send(verb, path, headers: { authorization: AUTHORIZATION }, **options)
  end

  def with_forgery_protection
    ActionController::Base.allow_forgery_protection = true
    yield
  ensure
    ActionController::Base.allow_forgery_protection = false
  end
end
