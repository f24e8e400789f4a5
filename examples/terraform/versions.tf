terraform {
  # 1.11: write-only arguments and the lock file of the S3 backend.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # bucket, key and region come from `terraform init -backend-config=…`, see README.md.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
