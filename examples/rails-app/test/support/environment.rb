# Variables for the time of a block.
module Environment
  def with_environment(variables)
    before = ENV.to_h.slice(*variables.keys)
    ENV.update(variables)
    yield
  ensure
    variables.each_key { |name| ENV[name] = before[name] }
  end
end
