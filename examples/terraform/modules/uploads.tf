locals {
  uploads_bucket = "${local.prefix}-uploads"
}

# Photos and PDFs of the app: personal data, so nobody but the app's tasks reads them, and what is deleted is gone.
resource "aws_s3_bucket" "uploads" {
  bucket        = local.uploads_bucket
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Encrypted"
      Effect    = "Deny"
      Action    = "s3:*"
      Principal = "*"
      Resource  = [local.arn.uploads, "${local.arn.uploads}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
