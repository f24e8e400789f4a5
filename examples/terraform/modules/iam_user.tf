# Opt-in, for a tool outside AWS that can use neither a role nor OIDC. Tasks have roles and both CI systems have OIDC, so by
# default there is no user. The key is made by hand (`aws iam create-access-key`): made here, its secret would be in the state.
resource "aws_iam_user" "app" {
  count = local.settings.legacy_iam_user ? 1 : 0

  name = "app-${local.prefix}"
}

resource "aws_iam_user_policy" "app" {
  count = local.settings.legacy_iam_user ? 1 : 0

  name   = "assets"
  user   = aws_iam_user.app[0].name
  policy = local.policy["assets-write"]
}
