# Values are write-only and come from ephemeral variables: Terraform refuses them anywhere that would reach the state.
resource "aws_ssm_parameter" "database_url" {
  name             = "/${var.name}/${var.environment}/DATABASE_URL"
  type             = "SecureString"
  value_wo         = "postgres://${aws_db_instance.main.username}:${urlencode(var.database_password)}@${aws_db_instance.main.endpoint}/${aws_db_instance.main.db_name}"
  value_wo_version = var.secrets_version
}

resource "aws_ssm_parameter" "secret_key_base" {
  name             = "/${var.name}/${var.environment}/SECRET_KEY_BASE"
  type             = "SecureString"
  value_wo         = var.secret_key_base
  value_wo_version = var.secrets_version
}

resource "aws_ssm_parameter" "admin_password" {
  name             = "/${var.name}/${var.environment}/ADMIN_PASSWORD"
  type             = "SecureString"
  value_wo         = var.admin_password
  value_wo_version = var.secrets_version
}

# No secret, but only known after the distribution is: as a parameter it is a name in the definition.
resource "aws_ssm_parameter" "asset_host" {
  name  = "/${var.name}/${var.environment}/ASSET_HOST"
  type  = "String"
  value = "https://${aws_cloudfront_distribution.assets.domain_name}"
}
