def main():
    total = sum(range(5))
    print("total", total)
    return total


if __name__ == "__main__":
    main()
