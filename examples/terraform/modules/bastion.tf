# Off by default: ECS Exec opens shells. The one thing it cannot do well is to forward a port to the database; for that,
# settings.bastion_image names an arm64 machine image with the SSM agent. It has no key pair and nobody can connect to it.
locals {
  bastion = local.settings.bastion_image != null
}

resource "aws_instance" "bastion" {
  count = local.bastion ? 1 : 0

  ami                         = local.settings.bastion_image
  instance_type               = "t4g.nano"
  subnet_id                   = local.task_subnets[local.settings.zones[0]].id
  associate_public_ip_address = local.task_public_ip
  vpc_security_group_ids      = [aws_security_group.main["bastion"].id]
  iam_instance_profile        = aws_iam_instance_profile.bastion[0].name
  tags                        = { Name = "${local.prefix}-bastion" }

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted = true
  }
}

resource "aws_iam_instance_profile" "bastion" {
  count = local.bastion ? 1 : 0

  name = "${local.prefix}-bastion"
  role = aws_iam_role.bastion[0].name
}

resource "aws_iam_role" "bastion" {
  count = local.bastion ? 1 : 0

  name               = "${local.prefix}-bastion"
  assume_role_policy = local.trust["ec2"]
}

resource "aws_iam_role_policy_attachment" "bastion" {
  count = local.bastion ? 1 : 0

  role       = aws_iam_role.bastion[0].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
