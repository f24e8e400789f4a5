locals {
  groups = toset(concat(["alb", "web", "worker", "pdf", "database"], local.bastion ? ["bastion"] : []))

  # Who may open a connection to whom, by port. Rules for both ends follow from a row.
  reach = merge(
    {
      alb-web         = { from = "alb", to = "web", port = 3000 }
      web-pdf         = { from = "web", to = "pdf", port = 3000 }
      worker-pdf      = { from = "worker", to = "pdf", port = 3000 }
      web-database    = { from = "web", to = "database", port = 5432 }
      worker-database = { from = "worker", to = "database", port = 5432 }
    },
    local.bastion ? { bastion-database = { from = "bastion", to = "database", port = 5432 } } : {},
  )

  # AWS's own interfaces (ECR, SSM, logs) and S3 answer on 443.
  outward = toset(concat(["web", "worker", "pdf"], local.bastion ? ["bastion"] : []))
}

resource "aws_security_group" "main" {
  for_each = local.groups

  name        = "${local.prefix}-${each.key}"
  description = "${local.prefix} ${each.key}"
  vpc_id      = aws_vpc.main.id
  tags        = { Name = "${local.prefix}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "public" {
  for_each = { http = 80, https = 443 }

  security_group_id = aws_security_group.main["alb"].id
  description       = "internet to alb, ${each.key}"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_ingress_rule" "inner" {
  for_each = local.reach

  security_group_id            = aws_security_group.main[each.value.to].id
  referenced_security_group_id = aws_security_group.main[each.value.from].id
  description                  = "${each.value.from} to ${each.value.to}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "inner" {
  for_each = local.reach

  security_group_id            = aws_security_group.main[each.value.from].id
  referenced_security_group_id = aws_security_group.main[each.value.to].id
  description                  = "${each.value.from} to ${each.value.to}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "outward" {
  for_each = local.outward

  security_group_id = aws_security_group.main[each.key].id
  description       = "${each.key} to AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
