locals {
  images = toset(["app", "pdf"])
}

# A tag names one image for ever, but for the build cache, which is overwritten by design.
resource "aws_ecr_repository" "main" {
  for_each = local.images

  name                 = "${local.prefix}-${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = false

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_repository" "cache" {
  name                 = "${local.prefix}-cache"
  image_tag_mutability = "MUTABLE"
  force_delete         = true

  encryption_configuration {
    encryption_type = "AES256"
  }
}

# The deploy program adds the tag release-… when a release has proven itself. The first rule takes those images out of
# the reach of the later ones, so what can be rolled back to still has its image.
resource "aws_ecr_lifecycle_policy" "main" {
  for_each = local.images

  repository = aws_ecr_repository.main[each.key].name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Keep the last 30 releases"
        selection    = { tagStatus = "tagged", tagPrefixList = ["release-"], countType = "imageCountMoreThan", countNumber = 30 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Builds that never became a release"
        selection    = { tagStatus = "tagged", tagPrefixList = ["build-"], countType = "sinceImagePushed", countUnit = "days", countNumber = 30 }
        action       = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecr_lifecycle_policy" "cache" {
  repository = aws_ecr_repository.cache.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Caches that were overwritten"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
    ]
  })
}
