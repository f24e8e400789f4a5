# Each run is one mistake that must not get as far as a plan. The module is tested by itself, with the workspace's sizes.
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

run "unknown_environment" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = "staging"
  }

  expect_failures = [var.environment]
}

run "unknown_setting" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    settings    = { zone = ["ap-northeast-1a"] }
  }

  expect_failures = [var.settings]
}

run "one_zone" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    settings    = { zones = ["ap-northeast-1a"] }
  }

  expect_failures = [var.settings]
}

run "unknown_architecture" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    settings    = { architecture = "arm64" }
  }

  expect_failures = [var.settings]
}

run "unknown_size" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    settings    = { size = { webb = {} } }
  }

  expect_failures = [var.settings]
}

run "no_fargate_size" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    settings    = { size = { web = { cpu = 256, memory = 4096, min = 1, max = 1 } } }
  }

  expect_failures = [aws_ecs_task_definition.main]
}

run "short_account" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    account_id  = "1234"
  }

  expect_failures = [var.account_id]
}

run "repository_without_owner" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    repository  = "proff"
  }

  expect_failures = [var.repository]
}

run "long_name" {
  command = plan

  module {
    source = "./modules"
  }

  variables {
    environment = run.workspace.name
    name        = "a-name-that-no-load-balancer-can-have"
  }

  expect_failures = [var.name]
}
