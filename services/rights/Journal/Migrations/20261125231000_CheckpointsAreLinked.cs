using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Rights.Journal.Migrations
{
    /// <inheritdoc />
    internal sealed partial class CheckpointsAreLinked : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The defaults stay: a process of the build before this one goes on writing, and what it writes names none.
            migrationBuilder.AddColumn<Guid>(
                name: "Previous",
                table: "checkpoints",
                type: "uuid",
                nullable: false,
                defaultValue: Guid.Empty);

            migrationBuilder.AddColumn<byte[]>(
                name: "PreviousHash",
                table: "checkpoints",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Previous",
                table: "checkpoints");

            migrationBuilder.DropColumn(
                name: "PreviousHash",
                table: "checkpoints");
        }
    }
}
