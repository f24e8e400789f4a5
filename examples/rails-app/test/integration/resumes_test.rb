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
    Resume.destroy_all
    get root_url

    assert_select ".empty a[href=?]", new_admin_resume_path
  end

  test "a résumé is shown with its sections in their order, and markup as text" do
    resumes(:hanako).update!(summary: "<b>一行目</b>\r\n\r\n二行目")
    get resume_url(resumes(:hanako))

    assert_select "section h2", 3
    assert_equal %w[職歴 学歴], css_select("section h2").to_a.last(2).map(&:text)
    assert_select "section:first-of-type p", 2
    assert_select "section p", text: "<b>一行目</b>"
  end

  test "the page's title is the name as it is" do
    resumes(:hanako).update!(name: "Mary O'Brien <b>")
    get resume_url(resumes(:hanako))

    assert_equal "Mary O'Brien <b> · Proff", css_select("title").text
  end

  test "an unknown résumé is not found" do
    get resume_url(id: 0)

    assert_response :not_found
  end

  test "a photo is served from its private store, and again only when it has changed" do
    get resume_photo_url(resumes(:hanako))
    assert_response :not_found

    resumes(:hanako).update!(photo:)
    get resume_photo_url(resumes(:hanako))
    assert_equal "image/png", response.media_type
    assert_equal Rails.root.join("db/seeds/hanako.png").binread, response.body

    get resume_photo_url(resumes(:hanako)), headers: { "if-none-match" => response.headers["etag"] }
    assert_response :not_modified
  end

  test "nobody can upload past the admin pages" do
    post "/rails/active_storage/direct_uploads", params: { blob: { filename: "a", byte_size: 1, checksum: "a" } }

    assert_response :not_found
  end
end
