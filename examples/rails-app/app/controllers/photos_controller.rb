# The bucket of photos is private: they are public with their résumé, and gone with it.
class PhotosController < ApplicationController
  def show
    photo = Resume.find(params[:resume_id]).photo
    return head :not_found unless photo.attached?
    return unless stale?(etag: photo.checksum, public: true)

    send_data photo.download, type: photo.content_type, disposition: :inline
  end
end
