# Résumés are personal data: their fields stay out of the log.
Rails.application.config.filter_parameters += [ :passw, :secret, :token, :_key, :crypt, "resume.name", "resume.kana", "resume.summary", "resume.sections_attributes" ]
