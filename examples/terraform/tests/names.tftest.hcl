# In a workspace: TF_WORKSPACE=dev terraform test. No account is asked: every resource is a mock of the real schema.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  account_id        = "123456789012"
  certificate_arn   = "arn:aws:acm:ap-northeast-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  repository        = "acme/proff"
  circleci          = { organization = "00000000-0000-0000-0000-000000000001", project = "00000000-0000-0000-0000-000000000002" }
  database_password = "not-a-real-password"
  secret_key_base   = "not-a-real-key"
  admin_password    = "not-a-real-password"
}

run "names" {
  command = plan

  assert {
    condition     = output.app.cluster == "proff-${terraform.workspace}"
    error_message = "The cluster is not named after the workspace."
  }

  assert {
    condition     = sort(keys(output.app.services)) == tolist(["pdf", "web", "worker"])
    error_message = "The services are not pdf, web and worker."
  }

  assert {
    condition     = contains(keys(output.app.services), output.app.migrate.service)
    error_message = "The migration runs as no service's revision."
  }
}
