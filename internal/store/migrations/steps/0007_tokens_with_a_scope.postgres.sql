-- expands
ALTER TABLE tokens ADD COLUMN scope text COLLATE "C";
CREATE TABLE token_uses (
  token_id bigint PRIMARY KEY,
  used_at  text COLLATE "C" NOT NULL
);
ALTER TABLE token_uses ADD FOREIGN KEY (token_id) REFERENCES tokens (id);
