# The receipt of the asset upload lies beside the assets and names the release they belong to.
receipt = Rails.public_path.join(".asset-receipt.json")
Rails.application.config.x.release = receipt.exist? ? JSON.parse(receipt.read).fetch("release") : "unreleased"
