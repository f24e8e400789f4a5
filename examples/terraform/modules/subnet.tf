locals {
  zones = { for index, zone in local.settings.zones : zone => index }

  # Tasks have a public address where no NAT leads out; their security groups let nobody in by it.
  task_subnets   = local.size.nat_mode == "none" ? aws_subnet.public : aws_subnet.private
  task_public_ip = local.size.nat_mode == "none"
}

resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(local.size.vpc_cidr, 8, each.value)
  tags              = { Name = "${local.prefix}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.zones

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(local.size.vpc_cidr, 8, 16 + each.value)
  tags              = { Name = "${local.prefix}-private-${each.key}" }
}

resource "aws_subnet" "database" {
  for_each = local.zones

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(local.size.vpc_cidr, 8, 32 + each.value)
  tags              = { Name = "${local.prefix}-database-${each.key}" }
}
