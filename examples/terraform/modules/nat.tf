locals {
  nat_zones = {
    none   = []
    single = slice(local.settings.zones, 0, 1)
    per_az = local.settings.zones
  }[local.size.nat_mode]
}

resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"
  tags   = { Name = "${local.prefix}-nat-${each.key}" }
}

resource "aws_nat_gateway" "main" {
  for_each = toset(local.nat_zones)

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
  tags          = { Name = "${local.prefix}-${each.key}" }

  depends_on = [aws_internet_gateway.main]
}
