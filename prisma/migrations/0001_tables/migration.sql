-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "node" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "identity" UUID NOT NULL,
    "console_url" TEXT,
    "label" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gate" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL DEFAULT 'inactive',
    "incarnation" TEXT NOT NULL DEFAULT '',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT,
    "reason" TEXT,
    "beat" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "gate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gate_change" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "incarnation" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT,
    "reason" TEXT,

    CONSTRAINT "gate_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "question" (
    "nonce" UUID NOT NULL,
    "asked_by" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_by" UUID,
    "answered_at" TIMESTAMPTZ(3),
    "answer_incarnation" TEXT,
    "answer_epoch" INTEGER,

    CONSTRAINT "question_pkey" PRIMARY KEY ("nonce")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "incarnation" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_at" TIMESTAMPTZ(3),
    "doing" TEXT NOT NULL DEFAULT 'idle',

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "user_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_attempt" (
    "subject" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("subject")
);

-- CreateTable
CREATE TABLE "one_time_link" (
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "clock_offset_ms" INTEGER NOT NULL DEFAULT 0,
    "paused_until" TIMESTAMPTZ(3),

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "local_instance_id" INTEGER NOT NULL,
    "remote_instance_id" INTEGER NOT NULL,
    "local_settings" JSONB NOT NULL,
    "remote_settings" JSONB NOT NULL,
    "mapping" JSONB NOT NULL,
    "policy" TEXT NOT NULL DEFAULT 'hold',
    "first_meeting" TEXT NOT NULL DEFAULT 'hold',
    "concurrency" INTEGER NOT NULL DEFAULT 4,
    "webhook_secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "error_code" TEXT,
    "error_message" TEXT,
    "error_at" TIMESTAMPTZ(3),
    "error_count" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "watermark" (
    "connection_id" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "polled_at" TIMESTAMPTZ(3),
    "wanted_at" TIMESTAMPTZ(3),
    "claimed_until" TIMESTAMPTZ(3),

    CONSTRAINT "watermark_pkey" PRIMARY KEY ("connection_id","side")
);

-- CreateTable
CREATE TABLE "pair" (
    "id" SERIAL NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "local_issue_id" TEXT,
    "local_key" TEXT,
    "remote_issue_id" TEXT,
    "remote_key" TEXT,
    "summary" TEXT NOT NULL DEFAULT '',
    "local_base" JSONB,
    "remote_base" JSONB,
    "local_seen_at" TIMESTAMPTZ(3),
    "remote_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "in_step_at" TIMESTAMPTZ(3),

    CONSTRAINT "pair_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment_link" (
    "pair_id" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "comment_id" TEXT NOT NULL,
    "mirror_id" TEXT,
    "sent" TEXT NOT NULL,

    CONSTRAINT "comment_link_pkey" PRIMARY KEY ("pair_id","side","comment_id")
);

-- CreateTable
CREATE TABLE "queue_entry" (
    "id" SERIAL NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "pair_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "version" INTEGER NOT NULL DEFAULT 1,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "changes" INTEGER NOT NULL DEFAULT 1,
    "priority" SMALLINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "ready_at" TIMESTAMPTZ(3) NOT NULL,
    "born_in" TEXT NOT NULL,
    "claimed_by" UUID,
    "claimed_at" TIMESTAMPTZ(3),
    "claimed_version" INTEGER,
    "incarnation" TEXT,
    "epoch" INTEGER,
    "plan" JSONB,
    "plan_digest" TEXT,
    "planned_version" INTEGER,
    "planned_at" TIMESTAMPTZ(3),
    "planning_until" TIMESTAMPTZ(3),
    "direction" TEXT,
    "words" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "held_by" TEXT,
    "held_reason" TEXT,

    CONSTRAINT "queue_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change" (
    "id" BIGSERIAL NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "pair_id" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "issue_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "actor" TEXT,
    "happened_at" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fingerprint" TEXT NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "permit" (
    "id" UUID NOT NULL,
    "incarnation" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "worker_id" UUID NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "pair_id" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "issue_key" TEXT,
    "marker" TEXT,
    "intended" JSONB NOT NULL,
    "before" JSONB,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL DEFAULT 'open',
    "status" INTEGER,
    "answer" JSONB,
    "duration_ms" INTEGER,

    CONSTRAINT "permit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" SERIAL NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "pair_id" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "writes" INTEGER NOT NULL DEFAULT 0,
    "words" TEXT,
    "error_code" TEXT,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "reason" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "gate_change_at_id_idx" ON "gate_change"("at", "id");

-- CreateIndex
CREATE INDEX "worker_seen_at_idx" ON "worker"("seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_name_key" ON "api_token"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_token_hash_key" ON "api_token"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "instance_name_key" ON "instance"("name");

-- CreateIndex
CREATE UNIQUE INDEX "connection_name_key" ON "connection"("name");

-- CreateIndex
CREATE INDEX "pair_local_key_idx" ON "pair"("local_key");

-- CreateIndex
CREATE INDEX "pair_remote_key_idx" ON "pair"("remote_key");

-- CreateIndex
CREATE UNIQUE INDEX "pair_connection_id_local_issue_id_key" ON "pair"("connection_id", "local_issue_id");

-- CreateIndex
CREATE UNIQUE INDEX "pair_connection_id_remote_issue_id_key" ON "pair"("connection_id", "remote_issue_id");

-- CreateIndex
CREATE INDEX "comment_link_pair_id_mirror_id_idx" ON "comment_link"("pair_id", "mirror_id");

-- CreateIndex
CREATE UNIQUE INDEX "queue_entry_pair_id_key" ON "queue_entry"("pair_id");

-- CreateIndex
CREATE INDEX "queue_entry_connection_id_state_priority_ready_at_id_idx" ON "queue_entry"("connection_id", "state", "priority", "ready_at", "id");

-- CreateIndex
CREATE INDEX "queue_entry_created_at_id_idx" ON "queue_entry"("created_at", "id");

-- CreateIndex
CREATE INDEX "queue_entry_updated_at_id_idx" ON "queue_entry"("updated_at", "id");

-- CreateIndex
CREATE INDEX "change_pair_id_id_idx" ON "change"("pair_id", "id");

-- CreateIndex
CREATE INDEX "change_entry_id_id_idx" ON "change"("entry_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "change_connection_id_side_issue_id_fingerprint_key" ON "change"("connection_id", "side", "issue_id", "fingerprint");

-- CreateIndex
CREATE INDEX "permit_granted_at_id_idx" ON "permit"("granted_at", "id");

-- CreateIndex
CREATE INDEX "permit_pair_id_granted_at_idx" ON "permit"("pair_id", "granted_at");

-- CreateIndex
CREATE INDEX "run_pair_id_id_idx" ON "run"("pair_id", "id");

-- CreateIndex
CREATE INDEX "run_ended_at_id_idx" ON "run"("ended_at", "id");

-- CreateIndex
CREATE INDEX "audit_at_id_idx" ON "audit"("at", "id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_local_instance_id_fkey" FOREIGN KEY ("local_instance_id") REFERENCES "instance"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_remote_instance_id_fkey" FOREIGN KEY ("remote_instance_id") REFERENCES "instance"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "watermark" ADD CONSTRAINT "watermark_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pair" ADD CONSTRAINT "pair_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment_link" ADD CONSTRAINT "comment_link_pair_id_fkey" FOREIGN KEY ("pair_id") REFERENCES "pair"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_entry" ADD CONSTRAINT "queue_entry_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_entry" ADD CONSTRAINT "queue_entry_pair_id_fkey" FOREIGN KEY ("pair_id") REFERENCES "pair"("id") ON DELETE CASCADE ON UPDATE CASCADE;
