/** The tasks that `install-rails` writes into an app. */
export const RAKE_FILE: string = `# Made by \`asset-sync install-rails\`: the assets go up when they are compiled, where that is wanted.
#
# ASSET_SYNC_ON_PRECOMPILE=true or false decides. Where it is not set, a sync follows when a target is known: by ASSET_SYNC_TO,
# an asset-sync.config file or config/asset_sync.yml.

module AssetSyncTasks
  module_function

  def wanted?
    case ENV.fetch("ASSET_SYNC_ON_PRECOMPILE", "")
    when "true", "1" then true
    when "false", "0" then false
    when "" then target?
    else abort "ASSET_SYNC_ON_PRECOMPILE is #{ENV["ASSET_SYNC_ON_PRECOMPILE"].inspect}: expected true or false."
    end
  end

  def target?
    return true unless ENV.fetch("ASSET_SYNC_TO", "").empty?

    %w[asset-sync.config.ts asset-sync.config.mts asset-sync.config.mjs asset-sync.config.json config/asset_sync.yml]
      .any? { |name| Rails.root.join(name).file? }
  end

  def program
    own = Rails.root.join("node_modules/.bin/asset-sync")
    own.executable? ? own.to_s : "asset-sync"
  end

  def sync
    found = system({ "RAILS_ENV" => Rails.env.to_s }, program, "sync", Rails.public_path.to_s, chdir: Rails.root.to_s)
    abort "asset-sync is not on the PATH, nor in node_modules." if found.nil?
    exit $?.exitstatus || 1 unless found
  end
end

namespace :assets do
  desc "Upload compiled assets and write the receipt (asset-sync)"
  task sync: :environment do
    AssetSyncTasks.sync
  end
end

# Sprockets and Propshaft define it; jsbundling, cssbundling, Shakapacker and vite_rails compile before this comes.
if Rake::Task.task_defined?("assets:precompile")
  Rake::Task["assets:precompile"].enhance do
    AssetSyncTasks.sync if AssetSyncTasks.wanted?
  end
end
`;
