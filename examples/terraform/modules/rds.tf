resource "aws_db_subnet_group" "main" {
  name       = local.prefix
  subnet_ids = [for subnet in aws_subnet.database : subnet.id]
}

resource "aws_db_parameter_group" "main" {
  name   = local.prefix
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

# The password is written and not read back. RDS could manage it in Secrets Manager, but then it rotates, and tasks keep
# the DATABASE_URL they started with.
resource "aws_db_instance" "main" {
  identifier     = local.prefix
  engine         = "postgres"
  engine_version = "17"
  instance_class = local.size.database.class
  db_name        = replace(var.name, "-", "_")
  username       = replace(var.name, "-", "_")

  password_wo         = var.database_password
  password_wo_version = var.secrets_version

  allocated_storage     = local.size.database.storage
  max_allocated_storage = local.size.database.storage * 4
  storage_type          = "gp3"
  storage_encrypted     = true

  multi_az               = local.size.database.multi_az
  db_subnet_group_name   = aws_db_subnet_group.main.name
  parameter_group_name   = aws_db_parameter_group.main.name
  vpc_security_group_ids = [aws_security_group.main["database"].id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period    = local.size.database.backup_days
  backup_window              = "17:00-18:00"
  maintenance_window         = "sun:18:30-sun:19:30"
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true

  deletion_protection       = local.size.database.protected
  skip_final_snapshot       = !local.size.database.protected
  final_snapshot_identifier = local.size.database.protected ? "${local.prefix}-final" : null
}
