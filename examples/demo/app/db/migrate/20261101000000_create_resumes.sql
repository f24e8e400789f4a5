CREATE TABLE resumes (id INTEGER PRIMARY KEY, name TEXT NOT NULL, headline TEXT NOT NULL);
INSERT INTO resumes (name, headline) VALUES
  ('田中 花子', 'Infrastructure engineer'),
  ('Ada Okafor', 'Rails developer'),
  ('Jonas Lind', 'Designer who ships');
