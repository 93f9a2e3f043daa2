using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Rights.Journal.Migrations
{
    /// <inheritdoc />
    internal sealed partial class EvidenceAndRetention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Chains",
                table: "checkpoints",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<byte[]>(
                name: "Root",
                table: "checkpoints",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.CreateTable(
                name: "checkpoint_heads",
                columns: table => new
                {
                    Journal = table.Column<Guid>(type: "uuid", nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Checkpoint = table.Column<Guid>(type: "uuid", nullable: false),
                    Place = table.Column<int>(type: "integer", nullable: false),
                    Root = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_checkpoint_heads", x => new { x.Journal, x.Size, x.Checkpoint });
                });

            migrationBuilder.CreateTable(
                name: "tiles",
                columns: table => new
                {
                    Journal = table.Column<Guid>(type: "uuid", nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    Place = table.Column<long>(type: "bigint", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tiles", x => new { x.Journal, x.Level, x.Place });
                });

            migrationBuilder.CreateTable(
                name: "tombstones",
                columns: table => new
                {
                    Journal = table.Column<Guid>(type: "uuid", nullable: false),
                    Batch = table.Column<long>(type: "bigint", nullable: false),
                    Purge = table.Column<Guid>(type: "uuid", nullable: false),
                    Positions = table.Column<int[]>(type: "integer[]", nullable: false),
                    Leaves = table.Column<byte[]>(type: "bytea", nullable: false),
                    Ids = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tombstones", x => new { x.Journal, x.Batch, x.Purge });
                });

            migrationBuilder.CreateIndex(
                name: "IX_checkpoint_heads_Checkpoint",
                table: "checkpoint_heads",
                column: "Checkpoint");

            migrationBuilder.CreateIndex(
                name: "IX_tombstones_Purge",
                table: "tombstones",
                column: "Purge");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "checkpoint_heads");

            migrationBuilder.DropTable(
                name: "tiles");

            migrationBuilder.DropTable(
                name: "tombstones");

            migrationBuilder.DropColumn(
                name: "Chains",
                table: "checkpoints");

            migrationBuilder.DropColumn(
                name: "Root",
                table: "checkpoints");
        }
    }
}
