using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Withdrawn : Migration
    {
        private static readonly (string Table, string Kind)[] Kinds = [("entries", "Entry"), ("evidence", "Answer"), ("evidence_reads", "Reading"), ("attachments", "File")];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_erased",
                table: "erased");

            migrationBuilder.AddPrimaryKey(
                name: "PK_erased",
                table: "erased",
                columns: new[] { "Kind", "Id" });

            migrationBuilder.CreateTable(
                name: "sending_choices",
                columns: table => new
                {
                    Finess = table.Column<string>(type: "text", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    DirectSending = table.Column<bool>(type: "boolean", nullable: false),
                    By = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sending_choices", x => new { x.Finess, x.Number });
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_DueAt_Id",
                table: "tickets",
                columns: new[] { "DueAt", "Id" },
                filter: "\"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_State_DueAt_Id",
                table: "tickets",
                columns: new[] { "State", "DueAt", "Id" });

            // A name holds for the rows of its own kind alone.
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION removed_where_named() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN
                    IF NOT EXISTS (SELECT 1 FROM public.erased WHERE "Kind" = TG_ARGV[0] AND "Id" = OLD."Id") THEN
                        RAISE EXCEPTION '% is only ever added to, where nothing names what goes', TG_TABLE_NAME;
                    END IF;
                    RETURN OLD;
                END $$;
                CREATE TRIGGER sending_choices_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sending_choices FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                """);
            foreach (var (table, kind) in Kinds)
            {
                migrationBuilder.Sql($"""
                    DROP TRIGGER {table}_removed_where_named ON {table};
                    CREATE TRIGGER {table}_removed_where_named BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION removed_where_named('{kind}');
                    """);
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION removed_where_named() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN
                    IF NOT EXISTS (SELECT 1 FROM public.erased WHERE "Id" = OLD."Id") THEN
                        RAISE EXCEPTION '% is only ever added to, where nothing names what goes', TG_TABLE_NAME;
                    END IF;
                    RETURN OLD;
                END $$;
                """);

            migrationBuilder.DropTable(
                name: "sending_choices");

            migrationBuilder.DropIndex(
                name: "IX_tickets_DueAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_State_DueAt_Id",
                table: "tickets");

            migrationBuilder.DropPrimaryKey(
                name: "PK_erased",
                table: "erased");

            migrationBuilder.AddPrimaryKey(
                name: "PK_erased",
                table: "erased",
                column: "Id");
        }
    }
}
