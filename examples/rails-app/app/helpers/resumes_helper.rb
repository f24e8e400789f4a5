module ResumesHelper
  # The reading stands above the name, as on a printed 履歴書.
  def name_with_reading(resume)
    return resume.name if resume.kana.blank?

    tag.ruby { safe_join([ resume.name, tag.rt(resume.kana) ]) }
  end

  def resume_facts(resume)
    years = resume.years_of_experience
    [ "#{years} #{"year".pluralize(years)} of experience", resume.prefecture ].compact.join(" · ")
  end

  def photo_of(resume)
    return unless resume.photo.attached?

    # image_tag would look for it on the asset host
    tag.img src: resume_photo_path(resume, v: resume.photo.blob_id), alt: "", class: "photo", width: 90, height: 120
  end

  def pdf_state(document)
    return "ready" if document&.current?

    document&.given_up? ? "not possible" : "waiting"
  end

  def bilingual_label(form, attribute, japanese)
    form.label attribute do
      safe_join([ Resume.human_attribute_name(attribute), " ", tag.span(japanese, lang: "ja") ])
    end
  end
end
