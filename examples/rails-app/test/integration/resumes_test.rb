require "test_helper"

class ResumesTest < ActionDispatch::IntegrationTest
  test "the root page lists résumés with their reading" do
    get root_url

    assert_response :success
    assert_select "article h2", 2
    assert_select "article:first-of-type ruby", /山田 花子/
    assert_select "ruby rt", "やまだ はなこ"
  end

  test "the list can be narrowed to a prefecture" do
    get resumes_url(prefecture: "大阪府")

    assert_select "article h2", 1
    assert_select "article h2", /佐藤 健/
    assert_select "option[selected]", "大阪府"
  end

  test "an unknown prefecture narrows nothing" do
    get resumes_url(prefecture: "江戸")

    assert_select "article h2", 2
  end

  test "an empty list offers to write the first résumé" do
    Resume.delete_all
    get root_url

    assert_select ".empty a[href=?]", new_resume_path
  end

  test "a résumé is created and shown" do
    get new_resume_url
    assert_select "form[action=?] character-count[for=resume_summary]", resumes_path

    post resumes_url, params: { resume: { name: "鈴木　一郎", kana: "すずき いちろう", job_title: "PM", years_of_experience: 3, prefecture: "愛知県", summary: "<b>一行目</b>\r\n\r\n二行目" } }

    assert_redirected_to resume_url(Resume.find_by!(name: "鈴木 一郎"))
    follow_redirect!
    assert_select "[role=status]", "The résumé was created."
    assert_select "h1 ruby rt", "すずき いちろう"
    assert_select "section p", 2
  end

  test "a wrong résumé comes back with what is wrong" do
    assert_no_difference "Resume.count" do
      post resumes_url, params: { resume: { name: "", job_title: "PM", years_of_experience: 99 } }
    end

    assert_response :unprocessable_content
    assert_select "[role=alert] li", 2
    assert_select "input[name='resume[job_title]'][value=PM]"
  end

  test "a résumé is changed" do
    get edit_resume_url(resumes(:ken))
    assert_select "input[name='resume[name]'][value=?]", "佐藤 健"

    patch resume_url(resumes(:ken)), params: { resume: { job_title: "SRE" } }

    assert_response :see_other
    assert_equal "SRE", resumes(:ken).reload.job_title
  end

  test "a wrong change is refused" do
    patch resume_url(resumes(:ken)), params: { resume: { name: " " } }

    assert_response :unprocessable_content
    assert_equal "佐藤 健", resumes(:ken).reload.name
  end

  test "an unknown résumé is not found" do
    get resume_url(id: 0)

    assert_response :not_found
  end

  test "a form counts only with its token" do
    with_forgery_protection do
      get edit_resume_url(resumes(:ken))
      token = css_select("input[name=authenticity_token]").first["value"]

      patch resume_url(resumes(:ken)), params: { authenticity_token: token, resume: { job_title: "SRE" } }
      assert_response :see_other

      patch resume_url(resumes(:ken)), params: { resume: { job_title: "CTO" } }
      assert_response :unprocessable_content
    end
    assert_equal "SRE", resumes(:ken).reload.job_title
  end

  private

  def with_forgery_protection
    ActionController::Base.allow_forgery_protection = true
    yield
  ensure
    ActionController::Base.allow_forgery_protection = false
  end
end
