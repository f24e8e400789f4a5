# Three people to look at; running it again adds nobody.
[
  {
    name: "山田 花子", kana: "やまだ はなこ", job_title: "バックエンドエンジニア", years_of_experience: 8, prefecture: "東京都", photo: "hanako.png",
    summary: "Ruby on Rails による業務システムの設計と開発を担当。\n決済基盤の刷新では、停止時間なしのデータ移行を設計し、五人のチームを率いました。\n\n休日は山を歩いています。",
    sections: {
      "職歴" => "2021年4月 株式会社あおぞらペイ 決済基盤チーム リードエンジニア\n2018年4月 株式会社みなとソフト 業務システム開発",
      "学歴" => "2018年3月 東都工業大学 情報工学科 卒業",
      "資格" => "応用情報技術者試験 (2019年)\nデータベーススペシャリスト試験 (2022年)"
    }
  },
  {
    name: "佐藤 健", kana: "さとう けん", job_title: "インフラエンジニア", years_of_experience: 12, prefecture: "大阪府", photo: "ken.png",
    summary: "コンテナ基盤の構築と運用。監視、コスト最適化、障害対応の仕組みづくりまで一貫して手がけます。",
    sections: {
      "職歴" => "2019年10月 株式会社なにわクラウド SRE\n2014年4月 関西データセンター株式会社 運用部",
      "得意分野" => "AWS, Terraform, PostgreSQL, 障害対応の訓練"
    }
  },
  {
    name: "Mary O'Brien", kana: "メアリー オブライエン", job_title: "Product designer", years_of_experience: 5, prefecture: "京都府",
    summary: "Designs forms people finish. Ten years in Kyoto, works in Japanese and English.",
    sections: { "Experience" => "2021 Kamogawa Design, lead designer\n2016 Freelance, forms and type" }
  }
].each do |person|
  Resume.find_or_create_by!(name: person[:name]) do |resume|
    resume.assign_attributes(person.except(:photo, :sections))
    resume.photo.attach(io: Rails.root.join("db/seeds", person[:photo]).open, filename: person[:photo]) if person[:photo]
    person[:sections].each_with_index { |(title, body), position| resume.sections.build(position:, title:, body:) }
  end
end
