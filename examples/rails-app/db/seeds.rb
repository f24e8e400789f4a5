# Three people to look at; running it again adds nobody.
[
  {
    name: "山田 花子", kana: "やまだ はなこ", job_title: "バックエンドエンジニア", years_of_experience: 8, prefecture: "東京都",
    summary: "Ruby on Rails による業務システムの設計と開発を担当。\n決済基盤の刷新では、停止時間なしのデータ移行を設計し、五人のチームを率いました。\n\n休日は山を歩いています。"
  },
  {
    name: "佐藤 健", kana: "さとう けん", job_title: "インフラエンジニア", years_of_experience: 12, prefecture: "大阪府",
    summary: "コンテナ基盤の構築と運用。監視、コスト最適化、障害対応の仕組みづくりまで一貫して手がけます。"
  },
  {
    name: "Mary O'Brien", kana: "メアリー オブライエン", job_title: "Product designer", years_of_experience: 5, prefecture: "京都府",
    summary: "Designs forms people finish. Ten years in Kyoto, works in Japanese and English."
  }
].each do |attributes|
  Resume.find_or_create_by!(name: attributes[:name]) { |resume| resume.assign_attributes(attributes) }
end
