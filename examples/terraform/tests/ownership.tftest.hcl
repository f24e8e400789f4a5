# Terraform owns the shape of a task, the pipeline its image: what a service runs never changes here.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name              = "proff"
  region            = "ap-northeast-1"
  secrets_version   = 1
  account_id        = "123456789012"
  certificate_arn   = "arn:aws:acm:ap-northeast-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  repository        = "acme/proff"
  circleci          = { organization = "00000000-0000-0000-0000-000000000001", project = "00000000-0000-0000-0000-000000000002" }
  database_password = "not-a-real-password"
  secret_key_base   = "not-a-real-key"
  admin_password    = "not-a-real-password"
}

run "workspace" {
  module {
    source = "./tests/workspace"
  }
}

run "first_apply" {
  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
  }

  override_resource {
    target = aws_ecs_task_definition.main
    values = {
      arn                  = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/proff:1"
      arn_without_revision = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/proff"
    }
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.main : endswith(service.task_definition, ":1")])
    error_message = "A new service does not start with the first revision."
  }

  assert {
    condition     = strcontains(aws_s3_bucket_policy.assets.policy, aws_cloudfront_distribution.assets.arn)
    error_message = "The bucket is readable by more than its own distribution."
  }
}

run "larger_web" {
  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    settings    = { size = { web = { cpu = 2048, memory = 4096, min = 2, max = 10 } } }
  }

  assert {
    condition     = aws_ecs_task_definition.main["web"].cpu == "2048"
    error_message = "The size table does not reach the definition."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.main : endswith(service.task_definition, ":1")])
    error_message = "Terraform changed what a service runs: the pipeline decides that."
  }
}
