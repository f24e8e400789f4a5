# A test file cannot ask for the workspace where it sets variables; a run can.
output "name" {
  value = terraform.workspace
}
